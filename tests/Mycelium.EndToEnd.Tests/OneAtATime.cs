// Each class runs a dozen processes and checks time-outs: two classes at once on two cores would disturb each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
