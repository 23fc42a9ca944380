@both filter INPUT
-p tcp -m tcpmss --mss 536;=;OK
-p tcp -m tcpmss ! --mss 1:1000;=;OK
-p tcp -m tcpmss --mss 9:1;;FAIL bad-value
-m tcpmss --mss 536;;FAIL kernel-refused
-p tcp -m tcpmss --mss 5:4 --mss 3;;FAIL bad-value
