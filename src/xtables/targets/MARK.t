@both mangle PREROUTING
-j MARK --set-mark 7;-j MARK --set-xmark 0x7/0xffffffff;OK
-j MARK --set-mark 0x10/0xf0;-j MARK --set-xmark 0x10/0xf0;OK
-j MARK --or-mark 8;-j MARK --set-xmark 0x8/0x8;OK
-j MARK --and-mark 0xf;-j MARK --set-xmark 0x0/0xfffffff0;OK
-j MARK --xor-mark 3;-j MARK --set-xmark 0x3/0x0;OK
-j MARK;;FAIL option-missing
-j MARK --set-mark 1 --or-mark 2;;FAIL options-clash
