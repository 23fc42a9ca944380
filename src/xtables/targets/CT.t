@both raw PREROUTING
-j CT --notrack;=;OK
-j CT --zone 7;=;OK
-j NOTRACK;=;OK
-p udp -j CT --helper tftp;=;OK
-j CT --helper tftp;;FAIL kernel-refused
@both filter INPUT
-j CT --notrack;;FAIL kernel-refused
