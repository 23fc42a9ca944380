@ip filter INPUT
-d 10.0.0.9/32 -i eth0 -j CLUSTERIP --new --hashmode sourceip --clustermac 01:00:5e:00:00:20 --total-nodes 2 --local-node 1;;FAIL kernel-refused
