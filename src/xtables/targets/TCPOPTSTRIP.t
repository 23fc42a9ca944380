@both mangle PREROUTING
-p tcp -j TCPOPTSTRIP --strip-options timestamp,5;-p tcp -j TCPOPTSTRIP --strip-options 5,8;OK
-p tcp -j TCPOPTSTRIP --strip-options colour;;FAIL bad-value
