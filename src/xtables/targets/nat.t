@ip nat PREROUTING
-j DNAT --to-destination 10.0.0.2;=;OK
-p tcp -j DNAT --to 10.0.0.2-10.0.0.9:8080-8090 --random;-p tcp -j DNAT --to-destination 10.0.0.2-10.0.0.9:8080-8090 --random;OK
-p tcp -j REDIRECT --to-ports 3128;=;OK
-j DNAT --to-destination 10.0.0.2:80;;FAIL protocol-missing
-j DNAT;;FAIL option-missing
-j SNAT --to-source 192.0.2.1;;FAIL kernel-refused
@ip nat POSTROUTING
-o eth0 -j MASQUERADE;=;OK
-p udp -j MASQUERADE --to-ports 1024-2048 --random-fully;=;OK
-j SNAT --to-source 192.0.2.1 --persistent;=;OK
-j SNAT --to-source 192.0.2.300;;FAIL bad-address
@ip filter FORWARD
-j MASQUERADE;;FAIL kernel-refused
@ip6 nat PREROUTING
-p tcp -j DNAT --to-destination [2001:db8::7]:443;=;OK
@ip6 nat POSTROUTING
-j SNAT --to-source 2001:db8::1;=;OK
