@both filter INPUT
-m dscp --dscp 46;-m dscp --dscp 0x2e;OK
-m dscp ! --dscp-class ef;-m dscp ! --dscp 0x2e;OK
-m dscp --dscp-class AF41;-m dscp --dscp 0x22;OK
-m dscp --dscp 64;;FAIL bad-value
-m dscp --dscp-class gold;;FAIL bad-value
