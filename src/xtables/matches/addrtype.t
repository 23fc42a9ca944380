@both filter INPUT
-m addrtype --dst-type LOCAL;=;OK
-m addrtype ! --src-type unicast,MULTICAST;-m addrtype ! --src-type UNICAST,MULTICAST;OK
-m addrtype --src-type LOCAL --limit-iface-in;=;OK
-m addrtype --dst-type HOME;;FAIL bad-value
-m addrtype --limit-iface-in;;FAIL option-missing
-m addrtype --src-type LOCAL --limit-iface-out;;FAIL kernel-refused
