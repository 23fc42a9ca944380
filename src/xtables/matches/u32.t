@both filter INPUT
-m u32 --u32 "4&0xffff=0x100:0x2ff,7";-m u32 --u32 "0x4&0xffff=0x100:0x2ff,0x7";OK
-m u32 ! --u32 "0>>22&0x3c@4>>16=80 && 6&0xff=6";-m u32 ! --u32 "0x0>>0x16&0x3c@0x4>>0x10=0x50&&0x6&0xff=0x6";OK
-m u32 --u32 "4=";;FAIL bad-value
-m u32 --u32 "=4";;FAIL bad-value
-m u32 --u32 "4+2=1";;FAIL bad-value
-m u32 --u32 "4<2=1";;FAIL bad-value
-m u32 --u32 "4=1&&";;FAIL bad-value
