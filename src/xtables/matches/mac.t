@both filter INPUT
-m mac --mac-source 02:00:00:00:0a:01;=;OK
-m mac ! --mac-source 02:AB:CD:EF:00:11;-m mac ! --mac-source 02:ab:cd:ef:00:11;OK
-m mac --mac-source 02:00:00:00:01;;FAIL bad-value
@both filter OUTPUT
-m mac --mac-source 02:00:00:00:00:01;;FAIL kernel-refused
