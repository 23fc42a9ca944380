@both mangle PREROUTING
-j TOS --set-tos Maximize-Throughput;-j TOS --set-tos 0x08/0x3f;OK
-j TOS --set-tos 0x04/0x0f;=;OK
-j TOS --or-tos 0x20;-j TOS --set-tos 0x20/0x20;OK
-j TOS;;FAIL option-missing
