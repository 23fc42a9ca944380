@ip mangle POSTROUTING
-p tcp -j ECN --ecn-tcp-remove;=;OK
-j ECN --ecn-ip-ect 2;=;OK
-j ECN;;FAIL option-missing
-j ECN --ecn-tcp-cwr 1;;FAIL kernel-refused
