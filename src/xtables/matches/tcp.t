@both filter INPUT
-p tcp -m tcp --dport 443;=;OK
-p tcp --dport https;-p tcp -m tcp --dport 443;OK
-p 6 -m tcp ! --sport 1000:2000 --dport 80;-p tcp -m tcp ! --sport 1000:2000 --dport 80;OK
-p tcp -m tcp --destination-port :1023;-p tcp -m tcp --dport 0:1023;OK
-p tcp -m tcp --source-port 1024:;-p tcp -m tcp --sport 1024:65535;OK
-p tcp -m tcp --syn;-p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN;OK
-p tcp ! --syn;-p tcp -m tcp ! --tcp-flags FIN,SYN,RST,ACK SYN;OK
-p tcp -m tcp --tcp-flags ALL none;-p tcp -m tcp --tcp-flags FIN,SYN,RST,PSH,ACK,URG NONE;OK
-p tcp -m tcp --tcp-option 8;=;OK
-p tcp -m tcp --sport 0:65535;-p tcp -m tcp;OK
-p tcp -m tcp --dport 70000;;FAIL unknown-port
-p tcp -m tcp --dport 90:80;;FAIL bad-value
-p tcp -m tcp --tcp-flags SYN;;FAIL argument-missing
-p tcp -m tcp --tcp-flags SYN,FOO SYN;;FAIL bad-value
-p tcp -m tcp --tcp-option 0;;FAIL bad-value
-p tcp -m tcp --dport 1 --dport 2;;FAIL option-twice
-m tcp --dport 80;;FAIL kernel-refused
-p udp -m tcp --dport 80;;FAIL kernel-refused
! -p tcp -m tcp --dport 80;;FAIL kernel-refused
