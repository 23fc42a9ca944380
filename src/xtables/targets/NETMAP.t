@ip nat PREROUTING
-d 10.0.0.0/24 -j NETMAP --to 192.168.7.0/24;=;OK
-j NETMAP;;FAIL option-missing
