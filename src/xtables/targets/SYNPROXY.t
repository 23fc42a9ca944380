@both filter INPUT
-p tcp -j SYNPROXY --sack-perm --mss 1460;=;OK
-p udp -j SYNPROXY --mss 1460;;FAIL kernel-refused
