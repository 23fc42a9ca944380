@both filter INPUT
-m connmark --mark 0x7/0xff;=;OK
-m connmark ! --mark 255;-m connmark ! --mark 0xff;OK
-m connmark --mark 0x100000000;;FAIL bad-value
