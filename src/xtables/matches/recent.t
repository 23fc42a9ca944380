@ip filter INPUT
-m recent --rcheck --rsource --rdest;-m recent --rcheck --name DEFAULT --mask 255.255.255.255 --rdest;OK
-m recent --set --name SSH --rsource;-m recent --set --name SSH --mask 255.255.255.255 --rsource;OK
-m recent --update --seconds 60 --hitcount 4;-m recent --update --seconds 60 --hitcount 4 --name DEFAULT --mask 255.255.255.255 --rsource;OK
-m recent ! --rcheck --name BAD --rdest;-m recent ! --rcheck --name BAD --mask 255.255.255.255 --rdest;OK
-m recent --set --seconds 5;;FAIL kernel-refused
-m recent --set --remove;;FAIL options-clash
