@both filter FORWARD
-m connlabel --label 5;-m connlabel --label "5";OK
-m connlabel ! --label "127" --set;=;OK
-m connlabel --label 128;;FAIL kernel-refused
-m connlabel --label web;;FAIL bad-value
-m connlabel --label 4294967297;-m connlabel --label "1";OK
-m connlabel --label 4294967295;;FAIL bad-value
-m connlabel --label 18446744073709551615;;FAIL bad-value
