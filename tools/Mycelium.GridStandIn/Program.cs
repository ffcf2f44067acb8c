namespace Mycelium.GridStandIn;

/// <summary>Serves GridProxy's REST API with generated and real records: <c>--nodes 2000 --farms 200 --seed 1 --urls http://127.0.0.1:8080</c>.</summary>
internal static class Program
{
    public static Task Main(string[] args) => StandIn.CreateApp(args).RunAsync();
}
