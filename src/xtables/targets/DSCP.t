@both mangle PREROUTING
-j DSCP --set-dscp-class CS1;-j DSCP --set-dscp 0x08;OK
-j DSCP --set-dscp 99;;FAIL bad-value
