@both mangle INPUT
-m tos --tos 0x10;-m tos --tos 0x10/0xff;OK
-m tos ! --tos Minimize-Cost;-m tos ! --tos 0x02/0x3f;OK
-m tos --tos Lowdelay;;FAIL bad-value
