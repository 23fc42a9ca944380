@both filter INPUT
-m pkttype --pkt-type multicast;=;OK
-m pkttype ! --pkt-type host;-m pkttype ! --pkt-type unicast;OK
-m pkttype --pkt-type anycast;;FAIL bad-value
