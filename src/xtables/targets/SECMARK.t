@both mangle PREROUTING
-j SECMARK --selctx system_u:object_r:http_t;;FAIL kernel-refused
-j CONNSECMARK --save;=;OK
-j CONNSECMARK;;FAIL option-missing
