@ip mangle PREROUTING
-p tcp -j TPROXY --on-port 3129 --on-ip 127.0.0.1 --tproxy-mark 1;-p tcp -j TPROXY --on-port 3129 --on-ip 127.0.0.1 --tproxy-mark 0x1/0xffffffff;OK
-p tcp -j TPROXY --on-port 3129;-p tcp -j TPROXY --on-port 3129 --on-ip 0.0.0.0 --tproxy-mark 0x0/0x0;OK
-j TPROXY --on-port 3129;;FAIL kernel-refused
-p tcp -j TPROXY;;FAIL option-missing
