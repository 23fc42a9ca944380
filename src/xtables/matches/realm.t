@ip filter INPUT
-m realm --realm 7;-m realm --realm 0x7;OK
-m realm ! --realm 0x10/0xf0;=;OK
-m realm --realm cosmos;=;OK
-m realm --realm nowhere;;FAIL bad-value
@ip mangle PREROUTING
-m realm --realm 1;;FAIL kernel-refused
