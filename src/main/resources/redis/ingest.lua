-- The names in the consumer group of the ingest stream: one consumer, since one node at a time has the lease.
local GROUP, CONSUMER = 'nodes', 'holder'
