@both filter INPUT
-p udp -m udp --dport 53;=;OK
-p udp --sport domain;-p udp -m udp --sport 53;OK
-p udp -m udp ! --dport 33434:33523;=;OK
-p udp -m udp --dport 1:2:3;;FAIL bad-value
-p udp -m udp --sport http;-p udp -m udp --sport 80;OK
-p udp --syn;;FAIL unknown-option
-p tcp -m udp --dport 53;;FAIL kernel-refused
