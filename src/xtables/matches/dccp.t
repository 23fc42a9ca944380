@both filter INPUT
-p dccp -m dccp --dport 5004:5005;=;OK
-p dccp -m dccp --dccp-types request,RESET;-p dccp -m dccp --dccp-types REQUEST,RESET;OK
-p dccp -m dccp ! --dccp-option 5;=;OK
-p dccp -m dccp --dccp-types HELLO;;FAIL bad-value
-m dccp --dport 5004;;FAIL kernel-refused
