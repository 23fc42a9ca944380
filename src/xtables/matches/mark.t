@both filter INPUT
-m mark --mark 10;-m mark --mark 0xa;OK
-m mark ! --mark 0x10/0xf0;=;OK
-m mark --mark 1/0xffffffff;-m mark --mark 0x1;OK
-m mark --mark ten;;FAIL bad-value
-m mark;;FAIL option-missing
