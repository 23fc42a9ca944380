@ip filter INPUT
-m set --match-set blocked src;=;OK
-m set ! --match-set pairs src,dst;=;OK
-m set --match-set one src,dst,src,dst,src,dst,src;;FAIL bad-value
-m set --match-set one both;;FAIL bad-value
-m set;;FAIL option-missing
-m set --match-set blocked src --packets-eq 1 --packets-lt x;;FAIL option-twice
-m set --match-set blocked src ! --update-counters --update-counters --return-nomatch --return-nomatch;-m set --match-set blocked src --return-nomatch ! --update-counters;OK
