@both filter INPUT
-m length --length 100:200;=;OK
-m length ! --length 1500;=;OK
-m length --length 1000:;-m length --length 1000:65535;OK
-m length --length 70000;;FAIL bad-value
-m length;;FAIL option-missing
