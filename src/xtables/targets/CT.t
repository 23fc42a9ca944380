@both raw PREROUTING
-j CT --zone mark --zone-orig 4;-j CT --zone-orig mark;OK
-j CT --zone-reply 3 --zone-orig 4;-j CT --zone 4;OK
-j CT --zone 1 --zone-reply 3;-j CT --zone-reply 3;OK
-j CT --notrack;=;OK
-j CT --zone 7;=;OK
-j NOTRACK;=;OK
-p udp -j CT --helper tftp;=;OK
-j CT --helper tftp;;FAIL kernel-refused
@both filter INPUT
-j CT --notrack;;FAIL kernel-refused
