@both mangle POSTROUTING
-j CLASSIFY --set-class 1:20;-j CLASSIFY --set-class 0001:0020;OK
-j CLASSIFY --set-class one;;FAIL bad-value
