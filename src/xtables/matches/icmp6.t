@ip6 filter INPUT
-p ipv6-icmp -m icmp6 --icmpv6-type 135;=;OK
-p icmpv6 --icmpv6-type neighbour-solicitation;-p ipv6-icmp -m icmp6 --icmpv6-type 135;OK
-p ipv6-icmp -m icmp6 --icmpv6-type no-route;-p ipv6-icmp -m icmp6 --icmpv6-type 1/0;OK
-p ipv6-icmp -m icmpv6 ! --icmpv6-type 128;-p ipv6-icmp -m icmp6 ! --icmpv6-type 128;OK
-p ipv6-icmp -m icmp6;;FAIL option-missing
