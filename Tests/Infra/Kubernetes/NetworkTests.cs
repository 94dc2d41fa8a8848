using System.Globalization;
using Basgd.Silo.Hosting;
using k8s.Models;

namespace Basgd.Infra.Tests.Kubernetes;

/// <summary>Every pod is behind policies for both directions, and what it needs gets through them.</summary>
public sealed class NetworkTests
{
    private const int Dns = 53;
    private const int Https = 443;

    /// <summary>Where many clusters' API server listens: policies see the port behind its service.</summary>
    private const int ApiServer = 6443;

    public static TheoryData<string> Overlays => Overlay.Every;

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Every_pod_is_behind_a_policy_for_both_directions(string name)
    {
        var overlay = await Overlay.Build(name);
        foreach (var (pod, template) in overlay.Pods)
        {
            var types = Of(overlay, template.Metadata.Labels).SelectMany(static policy => policy.Spec.PolicyTypes).Distinct();
            types.ShouldBe(["Egress", "Ingress"], ignoreOrder: true, pod);
        }

        // Pods that others bring into the namespace too: a proxy, a client.
        var rest = overlay.All<V1NetworkPolicy>().Single(static policy => policy.Spec.PodSelector.MatchLabels is null);
        rest.Spec.PolicyTypes.ShouldBe(["Ingress", "Egress"]);
        rest.Spec.Ingress.ShouldBeNull();
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Nothing_sends_to_every_port(string name)
    {
        foreach (var policy in (await Overlay.Build(name)).All<V1NetworkPolicy>())
            foreach (var rule in policy.Spec.Egress ?? [])
            {
                rule.Ports.ShouldNotBeEmpty(policy.Metadata.Name);
                rule.Ports.ShouldAllBe(static port => port.Port.ToString() != "" && port.EndPort == null, policy.Metadata.Name);
            }
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Every_pod_may_ask_for_names_and_only_the_cluster_is_asked(string name)
    {
        var overlay = await Overlay.Build(name);
        foreach (var (pod, template) in overlay.Pods) Ports(overlay, template.Metadata.Labels).ShouldContain(Dns, pod);
        foreach (var rule in Egress(overlay.All<V1NetworkPolicy>()).Where(static rule => Numbers(rule).Contains(Dns)))
            rule.To.Single().NamespaceSelector.MatchLabels["kubernetes.io/metadata.name"].ShouldBe("kube-system");
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task A_silo_reaches_silos_its_connections_and_the_api_and_nothing_else(string name)
    {
        var overlay = await Overlay.Build(name);
        foreach (var (pod, template) in overlay.Silos)
        {
            var environment = overlay.Environment(template.Spec.Containers[0]);
            var connections =
                from variable in environment
                where SiloConfiguration.IsSecret(variable.Key) && variable.Value.StartsWith("redis://", StringComparison.Ordinal)
                select new Uri(variable.Value).Port;
            if (name == Overlay.Azure) connections = [Azure.BicepTests.CachePort];

            // Data sets and blobs come by HTTPS.
            int[] needed = [Dns, SiloConfiguration.Read(environment).Silo.SiloPort, Https, ApiServer, .. connections];
            Ports(overlay, template.Metadata.Labels).ShouldBe(needed.Distinct(), ignoreOrder: true, pod);
        }
    }

    [Fact]
    public async Task In_dev_silos_reach_no_other_Redis_than_that_of_dev()
    {
        var rule = Egress((await Overlay.Build(Overlay.Dev)).All<V1NetworkPolicy>()).Single(static rule => Numbers(rule).Contains(6379));
        rule.To.Single().PodSelector.MatchLabels["app.kubernetes.io/name"].ShouldBe("redis");
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task A_client_reaches_the_gateway_and_is_reached_by_nobody(string name)
    {
        var overlay = await Overlay.Build(name);
        var client = new Dictionary<string, string> { ["app.kubernetes.io/name"] = "basgd-client" };
        var gateway = SiloConfiguration.Read(overlay.Environment(overlay.Silos.First().Pod.Spec.Containers[0])).Silo.GatewayPort;
        Ports(overlay, client).ShouldBe([Dns, gateway], ignoreOrder: true);
        Of(overlay, client).SelectMany(static policy => policy.Spec.Ingress ?? []).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(Overlay.Gpu)]
    [InlineData(Overlay.Azure)]
    [InlineData(Overlay.Tls)]
    public async Task Prometheus_reaches_the_health_port_of_silos_and_the_scaler_reaches_Prometheus(string name)
    {
        var overlay = await Overlay.Build(name);
        var prometheus = overlay.Pods.Single(static made => made.Name == "prometheus").Pod.Metadata.Labels;
        var health = SiloConfiguration.Read(overlay.Environment(overlay.Silos.First().Pod.Spec.Containers[0])).Silo.HealthPort;
        Ports(overlay, prometheus).ShouldBe([Dns, health], ignoreOrder: true);
        foreach (var (pod, template) in overlay.Silos)
        {
            var ingress = Of(overlay, template.Metadata.Labels).SelectMany(static policy => policy.Spec.Ingress ?? []);
            var rules = ingress.Where(rule => rule.Ports.Single().Port.ToString() == $"{health}");
            var from = rules.SelectMany(static rule => rule.FromProperty);
            from.ShouldContain(peer => peer.PodSelector != null && IsOn(peer.PodSelector.MatchLabels, prometheus), pod);
        }

        // KEDA is in a namespace of its own, or where AKS puts it.
        var rule = Of(overlay, prometheus).SelectMany(static policy => policy.Spec.Ingress ?? []).Single();
        rule.FromProperty.Single().NamespaceSelector.MatchExpressions.Single().Values.ShouldBe(["keda", "kube-system"]);
    }

    private static IEnumerable<V1NetworkPolicy> Of(Overlay overlay, IDictionary<string, string> labels) =>
        overlay.All<V1NetworkPolicy>().Where(policy => IsOn(policy.Spec.PodSelector.MatchLabels ?? new Dictionary<string, string>(), labels));

    private static bool IsOn(IDictionary<string, string> selector, IDictionary<string, string> labels) =>
        selector.All(label => labels.TryGetValue(label.Key, out var value) && value == label.Value);

    private static IEnumerable<V1NetworkPolicyEgressRule> Egress(IEnumerable<V1NetworkPolicy> policies) =>
        policies.SelectMany(static policy => policy.Spec.Egress ?? []);

    private static IEnumerable<int> Ports(Overlay overlay, IDictionary<string, string> labels) => Egress(Of(overlay, labels)).SelectMany(Numbers).Distinct();

    private static IEnumerable<int> Numbers(V1NetworkPolicyEgressRule rule) =>
        rule.Ports.Select(static port => int.Parse(port.Port.ToString(), CultureInfo.InvariantCulture));
}
