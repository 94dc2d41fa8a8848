using Basgd.Silo.Hosting;
using k8s.Models;

namespace Basgd.Infra.Tests.Kubernetes;

/// <summary>What stands around the pods: who reaches them, who may do what, how many there are.</summary>
public sealed class ClusterTests
{
    public static TheoryData<string> Overlays => PodTests.Overlays;

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task EverythingIsInOneNamespaceThatRefusesPrivilegedPods(string name)
    {
        var overlay = await Overlay.Build(name);
        var space = overlay.All<V1Namespace>().Single();
        space.Metadata.Labels["pod-security.kubernetes.io/enforce"].ShouldBe("restricted");
        foreach (var thing in overlay.Everything.Where(static thing => thing is not (V1Namespace or V1PriorityClass)))
            thing.Metadata.NamespaceProperty.ShouldBe(space.Metadata.Name, thing.Metadata.Name);
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task SilosAloneReachTheSiloPort(string name)
    {
        var overlay = await Overlay.Build(name);
        var silo = Server(overlay).Silo;
        Only(Rule(overlay, silo.SiloPort), "basgd-silo");
        foreach (var (pod, template) in overlay.Silos) template.Metadata.Labels["app.kubernetes.io/name"].ShouldBe("basgd-silo", pod);
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task ClientsReachTheGatewayAndAProxyThePageAndNeitherTheOther(string name)
    {
        var overlay = await Overlay.Build(name);
        var (silo, page) = (Server(overlay).Silo, Server(overlay).Page);
        Only(Rule(overlay, silo.GatewayPort), "basgd-client");
        Only(Rule(overlay, page.Port), "basgd-page-proxy");
        overlay.All<V1NetworkPolicy>().Single(policy => policy.Spec.Ingress?.Any(rule => IsFor(rule, page.Port)) == true)
            .Spec.PodSelector.MatchLabels["app.kubernetes.io/component"].ShouldBe(SiloRole.Server);
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task NoOtherPortIsReachedAndNoneFromEverywhere(string name)
    {
        var overlay = await Overlay.Build(name);
        var (silo, page) = (Server(overlay).Silo, Server(overlay).Page);
        var rules = Rules(overlay).ToList();
        rules.Select(static rule => int.Parse(rule.Ports.Single().Port.ToString(), System.Globalization.CultureInfo.InvariantCulture))
            .ShouldBe([silo.SiloPort, silo.GatewayPort, silo.HealthPort, page.Port], ignoreOrder: true);
        foreach (var from in rules.SelectMany(static rule => rule.FromProperty))
        {
            from.IpBlock.ShouldBeNull();
            (from.PodSelector?.MatchLabels ?? from.NamespaceSelector?.MatchLabels).ShouldNotBeNull().ShouldNotBeEmpty();
        }

        foreach (var rule in rules) rule.FromProperty.ShouldNotBeEmpty();
        foreach (var service in overlay.All<V1Service>()) (service.Spec.Type ?? "ClusterIP").ShouldBe("ClusterIP", service.Metadata.Name);
        overlay.All<V1Ingress>().ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task SilosMayLookAtPodsAndNothingElse(string name)
    {
        var overlay = await Overlay.Build(name);
        var accounts = overlay.All<V1ServiceAccount>().Select(static account => account.Metadata.Name).ToList();
        overlay.Silos.Select(static made => made.Pod.Spec.ServiceAccountName).ShouldBe(accounts, ignoreOrder: true);

        var binding = overlay.All<V1RoleBinding>().Single();
        binding.Subjects.Select(static subject => subject.Name).ShouldBe(accounts, ignoreOrder: true);
        var role = overlay.All<V1Role>().Single();
        binding.RoleRef.Name.ShouldBe(role.Metadata.Name);
        var rule = role.Rules.Single();
        rule.ApiGroups.ShouldBe([""]);
        rule.Resources.ShouldBe(["pods"]);
        rule.Verbs.ShouldBe(["get", "list", "watch"]);
        overlay.All<V1ClusterRole>().ShouldBeEmpty();
        overlay.All<V1ClusterRoleBinding>().ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task ServicesFindPodsAndPorts(string name)
    {
        var overlay = await Overlay.Build(name);
        foreach (var service in overlay.All<V1Service>())
        {
            var pods = overlay.Pods.Where(made => Matches(service.Spec.Selector, made.Pod)).ToList();
            pods.ShouldNotBeEmpty(service.Metadata.Name);
            foreach (var port in service.Spec.Ports)
                foreach (var (_, template) in pods)
                    template.Spec.Containers.SelectMany(static container => container.Ports).ShouldContain(open => open.Name == port.TargetPort.ToString() && open.ContainerPort == port.Port, service.Metadata.Name);
        }

        foreach (var set in overlay.All<V1StatefulSet>()) overlay.All<V1Service>().ShouldContain(service => service.Metadata.Name == set.Spec.ServiceName && service.Spec.ClusterIP == "None");
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task ADrainOfNodesTakesServersOneAtATime(string name)
    {
        var overlay = await Overlay.Build(name);
        foreach (var (pod, template) in overlay.Silos)
        {
            var budget = overlay.All<V1PodDisruptionBudget>().Single(budget => Matches(budget.Spec.Selector.MatchLabels, template));
            if (template.Metadata.Labels["app.kubernetes.io/component"] == SiloRole.Server) budget.Spec.MaxUnavailable.ToString().ShouldBe("1", pod);
        }
    }

    [Fact]
    public async Task ServersAreSpreadOverZones()
    {
        var server = (await Overlay.Build(Overlay.Azure)).All<V1StatefulSet>().Single();
        server.Spec.Replicas.ShouldBe(3);
        server.Spec.Template.Spec.TopologySpreadConstraints.Select(static spread => spread.TopologyKey).ShouldContain("topology.kubernetes.io/zone");
    }

    private static SiloSettings Server(Overlay overlay) => SiloConfiguration.Read(overlay.Environment(overlay.All<V1StatefulSet>().Single().Spec.Template.Spec.Containers[0]));

    private static IEnumerable<V1NetworkPolicyIngressRule> Rules(Overlay overlay) =>
        from policy in overlay.All<V1NetworkPolicy>()
        where policy.Spec.PodSelector.MatchLabels?["app.kubernetes.io/name"] == "basgd-silo"
        from rule in policy.Spec.Ingress ?? []
        select rule;

    private static V1NetworkPolicyIngressRule Rule(Overlay overlay, int port) => Rules(overlay).Single(rule => IsFor(rule, port));

    private static bool IsFor(V1NetworkPolicyIngressRule rule, int port) => rule.Ports.Single().Port.ToString() == $"{port}";

    /// <summary>Pods of the namespace that are called so get in, and nobody else.</summary>
    private static void Only(V1NetworkPolicyIngressRule rule, string pods)
    {
        var from = rule.FromProperty.Single();
        from.PodSelector.MatchLabels.ShouldBe(new Dictionary<string, string> { ["app.kubernetes.io/name"] = pods });
        from.NamespaceSelector.ShouldBeNull();
        from.IpBlock.ShouldBeNull();
    }

    private static bool Matches(IEnumerable<KeyValuePair<string, string>> selector, V1PodTemplateSpec pod) =>
        selector.All(label => pod.Metadata.Labels.TryGetValue(label.Key, out var value) && value == label.Value);
}
