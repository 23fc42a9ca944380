@ip mangle PREROUTING
-j HMARK --hmark-tuple src,dst --hmark-mod 7 --hmark-rnd 1;-j HMARK --hmark-src-prefix 32 --hmark-dst-prefix 32 --hmark-rnd 0x00000001 --hmark-mod 7;OK
-j HMARK --hmark-tuple src --hmark-rnd 1;;FAIL option-missing
