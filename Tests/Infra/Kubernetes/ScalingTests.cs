using Basgd.Silo.Hosting;
using k8s.Models;

namespace Basgd.Infra.Tests.Kubernetes;

/// <summary>How many worker silos there are: by processor use where they cost little, by what jobs want where each has a GPU.</summary>
public sealed class ScalingTests
{
    public static TheoryData<string> WithGpus => [Overlay.Gpu, Overlay.Azure, Overlay.Tls, Overlay.Example];

    [Fact]
    public async Task The_autoscaler_alone_says_how_many_workers()
    {
        var overlay = await Overlay.Build(Overlay.Dev);
        var scaler = overlay.All<V2HorizontalPodAutoscaler>().Single();
        IsForWorkers(overlay, scaler.Spec.ScaleTargetRef.Name);
        scaler.Spec.MinReplicas!.Value.ShouldBeInRange(1, scaler.Spec.MaxReplicas);
    }

    [Theory]
    [MemberData(nameof(WithGpus))]
    public async Task GPUs_are_taken_while_jobs_want_workers_and_given_back_to_the_last(string name)
    {
        var overlay = await Overlay.Build(name);
        overlay.All<V2HorizontalPodAutoscaler>().ShouldBeEmpty();
        var scaled = overlay.All<ScaledObject>().Single().Spec;
        IsForWorkers(overlay, scaled.ScaleTargetRef.Name);
        scaled.MinReplicaCount.ShouldBe(0);
        scaled.MaxReplicaCount!.Value.ShouldBeGreaterThan(0);
        var trigger = scaled.Triggers.Single();
        trigger.Type.ShouldBe("prometheus");
        trigger.MetricType.ShouldBe("AverageValue");
        trigger.Metadata.Query.ShouldContain("basgd_job_leases_wanted");
    }

    [Theory]
    [MemberData(nameof(WithGpus))]
    public async Task There_is_a_silo_for_as_many_leases_as_a_silo_takes(string name)
    {
        var overlay = await Overlay.Build(name);
        var worker = overlay.Silo(SiloRole.Worker);
        var slots = overlay.Environment(worker.Spec.Containers[0])["Basgd__Worker__Slots"];
        overlay.All<ScaledObject>().Single().Spec.Triggers.Single().Metadata.Threshold.ShouldBe(slots);
    }

    [Theory]
    [MemberData(nameof(WithGpus))]
    public async Task A_Prometheus_that_sees_no_silo_is_no_reason_to_stop_workers(string name)
    {
        var query = (await Overlay.Build(name)).All<ScaledObject>().Single().Spec.Triggers.Single().Metadata;
        query.IgnoreNullValues.ShouldBe("false");
        query.Query.ShouldNotContain("vector(0)");
    }

    [Fact]
    public async Task The_query_counts_each_job_once_and_says_nothing_if_no_silo_is_seen()
    {
        var query = (await Overlay.Build(Overlay.Gpu)).All<ScaledObject>().Single().Spec.Triggers.Single().Metadata.Query;
        var path = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(path, $$"""
                evaluation_interval: 1m
                tests:
                  - interval: 1m
                    input_series:
                      - { series: 'up{job="basgd", instance="a:1"}', values: '0 1 1 1 0' }
                      - { series: 'up{job="basgd", instance="b:1"}', values: '0 1 1 1 0' }
                      - { series: 'basgd_job_leases_wanted{job="basgd", instance="a:1", basgd_job="moved"}', values: '_ _ 8 stale' }
                      - { series: 'basgd_job_leases_wanted{job="basgd", instance="b:1", basgd_job="moved"}', values: '_ _ 8 8 stale' }
                      - { series: 'basgd_job_leases_wanted{job="basgd", instance="b:1", basgd_job="other"}', values: '_ _ 20 20 stale' }
                    promql_expr_test:
                      - { expr: '{{query}}', eval_time: 0m }
                      - { expr: '{{query}}', eval_time: 1m, exp_samples: [{ labels: '{}', value: 0 }] }
                      - { expr: '{{query}}', eval_time: 2m, exp_samples: [{ labels: '{}', value: 28 }] }
                      - { expr: '{{query}}', eval_time: 3m, exp_samples: [{ labels: '{}', value: 28 }] }
                      - { expr: '{{query}}', eval_time: 4m }
                """);
            await Tool.Run("promtool", "test", "rules", path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [MemberData(nameof(WithGpus))]
    public async Task The_first_worker_has_time_to_find_a_node_and_leaving_ones_go_one_by_one(string name)
    {
        var scaled = (await Overlay.Build(name)).All<ScaledObject>().Single().Spec;
        scaled.InitialCooldownPeriod.ShouldBeGreaterThanOrEqualTo(900);
        scaled.CooldownPeriod.ShouldBeGreaterThanOrEqualTo(300);
        var down = scaled.Advanced.HorizontalPodAutoscalerConfig.Behavior.ScaleDown;
        down.Policies.Single().Value.ShouldBe(1);
        down.StabilizationWindowSeconds!.Value.ShouldBeGreaterThanOrEqualTo(300);
    }

    [Theory]
    [InlineData(Overlay.Gpu, "http://prometheus.basgd:9090")]
    [InlineData(Overlay.Example, "http://prometheus-operated.monitoring:9090")]
    public async Task It_asks_the_Prometheus_that_is_there(string name, string address)
    {
        var overlay = await Overlay.Build(name);
        overlay.All<ScaledObject>().Single().Spec.Triggers.Single().Metadata.ServerAddress.ShouldBe(address);
        if (name == Overlay.Example) return;
        var service = overlay.All<V1Service>().Single(static service => service.Metadata.Name == "prometheus");
        new Uri(address).Host.ShouldBe($"{service.Metadata.Name}.{service.Metadata.NamespaceProperty}");
        new Uri(address).Port.ShouldBe(service.Spec.Ports.Single().Port);
    }

    [Theory]
    [MemberData(nameof(PodTests.Overlays), MemberType = typeof(PodTests))]
    public async Task Servers_come_before_workers_and_workers_before_nothing(string name)
    {
        var overlay = await Overlay.Build(name);
        var classes = overlay.All<V1PriorityClass>().ToDictionary(static made => made.Metadata.Name);
        var (server, worker) = (Class(SiloRole.Server), Class(SiloRole.Worker));
        server.Value!.Value.ShouldBeGreaterThan(0);

        // Below -10 the cluster autoscaler of a cloud adds no node for a pod.
        worker.Value!.Value.ShouldBeInRange(-10, -1);
        worker.PreemptionPolicy.ShouldBe("Never");
        classes.Values.ShouldAllBe(static made => made.GlobalDefault != true && made.Description != "");

        V1PriorityClass Class(string role) => classes[overlay.Silo(role).Spec.PriorityClassName];
    }

    private static void IsForWorkers(Overlay overlay, string target)
    {
        var worker = overlay.All<V1Deployment>().Single(deployment => deployment.Metadata.Name == target);
        worker.Spec.Replicas.ShouldBeNull();
        worker.Metadata.Labels["app.kubernetes.io/component"].ShouldBe(SiloRole.Worker);
    }
}
