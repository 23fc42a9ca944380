@both filter INPUT
-p tcp -m multiport --dports 80,443;=;OK
-p udp -m multiport ! --sports domain,123,1000:2000;-p udp -m multiport ! --sports 53,123,1000:2000;OK
-p tcp -m multiport --ports 22;=;OK
-p tcp -m multiport --dports 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16;;FAIL bad-value
-p tcp -m multiport --dports 20:10;;FAIL bad-value
-p icmp -m multiport --dports 80;;FAIL protocol-missing
-p tcp -m multiport;;FAIL option-missing
