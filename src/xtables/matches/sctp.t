@both filter INPUT
-p sctp -m sctp --dport 2905;=;OK
-p sctp -m sctp ! --sport 1:100 --chunk-types any INIT,ABORT:T;=;OK
-p sctp -m sctp --chunk-types only data:Be;-p sctp -m sctp --chunk-types only DATA:Be;OK
-p sctp -m sctp ! --chunk-types all all;-p sctp -m sctp ! --chunk-types all ALL;OK
-p sctp -m sctp --chunk-types some INIT;;FAIL bad-value
-p sctp -m sctp --chunk-types any HELLO;;FAIL bad-value
-p sctp -m sctp --chunk-types any INIT:T;;FAIL bad-value
-p sctp -m sctp --chunk-types any;;FAIL argument-missing
