@both filter FORWARD
-m policy --dir in --pol ipsec;=;OK
-m policy --dir out --pol none;=;OK
-m policy --pol ipsec;;FAIL option-missing
-m policy --dir sideways;;FAIL bad-value
