@ip filter INPUT
-j SET --add-set seen src --timeout 60 --exist;-j SET --add-set seen src --exist --timeout 60;OK
-j SET --del-set seen src,dst;=;OK
-j SET;;FAIL option-missing
-j SET ! --add-set hosts src ! --exist;-j SET --add-set hosts src --exist;OK
-j SET --add-set s src --exist --exist --timeout 5 --timeout 6;-j SET --add-set s src --exist --timeout 6;OK
