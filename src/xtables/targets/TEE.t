@ip mangle PREROUTING
-j TEE --gateway 192.0.2.9 --oif eth1;=;OK
-j TEE;;FAIL option-missing
