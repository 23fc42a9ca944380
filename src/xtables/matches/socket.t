@both mangle PREROUTING
-m socket --transparent --nowildcard;=;OK
-m socket;=;OK
@both mangle FORWARD
-m socket;;FAIL kernel-refused
