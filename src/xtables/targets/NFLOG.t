@both filter INPUT
-j NFLOG --nflog-group 5 --nflog-prefix "drop ";-j NFLOG --nflog-prefix "drop " --nflog-group 5;OK
-j NFLOG --nflog-group 70000;;FAIL bad-value
