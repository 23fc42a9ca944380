@both filter INPUT
-p esp -m esp --espspi 500;=;OK
-p esp -m esp ! --espspi 1:9;=;OK
-p udp -m esp --espspi 500;;FAIL kernel-refused
