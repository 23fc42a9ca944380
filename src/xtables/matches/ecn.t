@both filter INPUT
-m ecn --ecn-ip-ect 3;=;OK
-p tcp -m ecn --ecn-tcp-cwr ! --ecn-tcp-ece;-p tcp -m ecn ! --ecn-tcp-ece --ecn-tcp-cwr;OK
-m ecn --ecn-ip-ect 4;;FAIL bad-value
-m ecn;;FAIL option-missing
-m ecn --ecn-tcp-ece;;FAIL kernel-refused
