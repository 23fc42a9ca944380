@ip filter INPUT
-s 10.0.0.1;-s 10.0.0.1/32;OK
-s 10.1.2.3/255.255.0.0 -j ACCEPT;-s 10.1.0.0/16 -j ACCEPT;OK
! -s 10.0.0.0/8 ! -i eth+ -j DROP;=;OK
-s 10.0.0.0/255.0.255.0;=;OK
-p 47 -j ACCEPT;-p gre -j ACCEPT;OK
-p 200 -j ACCEPT;=;OK
-p all -j ACCEPT;-j ACCEPT;OK
! -p all;;FAIL never-matches
-f -j DROP;=;OK
! -f -j ACCEPT;=;OK
-i + -j ACCEPT;-j ACCEPT;OK
-s 10.0.0.0/33;;FAIL bad-mask
-s 10.0.0.256;;FAIL host-not-found
-s example.com;;FAIL host-not-found
-p tpc;;FAIL unknown-protocol
-o eth0;;FAIL wrong-interface
-i interface-name-too-long;;FAIL bad-interface
-j ACEPT;;FAIL unknown-target
-g NOWHERE;;FAIL unknown-chain
-m nosuch;;FAIL unknown-match
-j ACCEPT -j DROP;;FAIL option-twice
! -j ACCEPT;;FAIL misplaced-not
! ! -s 10.0.0.1;;FAIL double-negation
-s 10.0.0.1 !;;FAIL misplaced-not
-j ACCEPT more;;FAIL bad-argument
-ptcp -j ACCEPT;;FAIL unknown-protocol
-s ::ffff:192.0.2.1;-s 192.0.2.1/32;OK
@ip nat PREROUTING
-j DROP;;FAIL drop-in-nat
@ip6 filter INPUT
-s 2001:DB8::1/64;-s 2001:db8::/64;OK
-s ::ffff:0:0/96 -j ACCEPT;-s ::ffff:0.0.0.0/96 -j ACCEPT;OK
-f;;FAIL not-in-ipv6
--fragments;;FAIL unknown-option
-s 10.0.0.1;;FAIL wrong-family
