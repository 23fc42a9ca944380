@both filter FORWARD
-m conntrack --ctstate ESTABLISHED,RELATED;-m conntrack --ctstate RELATED,ESTABLISHED;OK
-m conntrack ! --ctstate NEW;=;OK
-m conntrack --ctstate DNAT,SNAT;-m conntrack --ctstate SNAT,DNAT;OK
-m conntrack --ctproto udp;-m conntrack --ctproto 17;OK
-m conntrack --ctproto all;-m conntrack --ctproto 0;OK
-m conntrack --ctproto ALL;;FAIL unknown-protocol
-m conntrack --ctproto UDP;-m conntrack --ctproto 17;OK
-m conntrack --ctorigdstport 1000:2000 --ctdir ORIGINAL;=;OK
-m conntrack --ctexpire 60:;-m conntrack --ctexpire 60:4294967295;OK
-m conntrack ! --ctstatus ASSURED,SEEN_REPLY;-m conntrack ! --ctstatus SEEN_REPLY,ASSURED;OK
-m conntrack --ctstate NEU;;FAIL bad-value
-m conntrack --ctdir BOTH;;FAIL bad-value
-m conntrack;;FAIL option-missing
@ip filter FORWARD
-m conntrack ! --ctorigsrc 10.0.0.0/8 --ctrepldst 192.0.2.7;=;OK
@ip6 filter FORWARD
-m conntrack --ctreplsrc 2001:db8::/48;=;OK
-m conntrack --ctexpire 24:0;=;OK
