@both filter FORWARD
-m connlabel --label 5;-m connlabel --label "5";OK
-m connlabel ! --label "127" --set;=;OK
-m connlabel --label 128;;FAIL kernel-refused
-m connlabel --label web;;FAIL bad-value
