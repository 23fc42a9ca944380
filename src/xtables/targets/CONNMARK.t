@both mangle PREROUTING
-j CONNMARK --save-mark;-j CONNMARK --save-mark --nfmask 0xffffffff --ctmask 0xffffffff;OK
-j CONNMARK --restore-mark --mask 0xff;-j CONNMARK --restore-mark --nfmask 0xff --ctmask 0xff;OK
-j CONNMARK --set-mark 5;-j CONNMARK --set-xmark 0x5/0xffffffff;OK
-j CONNMARK;;FAIL option-missing
-j CONNMARK --or-mark 3 --mask 0xff;-j CONNMARK --set-xmark 0x3/0xff;OK
-j CONNMARK --mask 0xff --or-mark 3;-j CONNMARK --set-xmark 0x3/0x3;OK
