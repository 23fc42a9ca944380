@ip filter INPUT
-m hashlimit --hashlimit-upto 5/sec --hashlimit-mode srcip --hashlimit-name web;-m hashlimit --hashlimit-upto 5/sec --hashlimit-burst 5 --hashlimit-mode srcip --hashlimit-name web;OK
-m hashlimit --hashlimit-above 1kb/s --hashlimit-name bytes;=;OK
-m hashlimit --hashlimit-upto 5/sec;;FAIL option-missing
-m hashlimit --hashlimit-name x;;FAIL option-missing
