@both raw PREROUTING
-m rpfilter --invert;=;OK
-m rpfilter --loose --validmark --accept-local;=;OK
@both filter INPUT
-m rpfilter;;FAIL kernel-refused
