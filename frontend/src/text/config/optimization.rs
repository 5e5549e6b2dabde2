//! `optimization`: Triton's `ModelOptimizationPolicy`, and what ONNX Runtime's backend for Triton makes
//! of it (`README.md` of `onnxruntime_backend`).

/// What a field of it means; empty for one that is not known.
pub(super) fn meaning(rest: &str, value: &str) -> &'static str {
    if let Some(rest) = rest.strip_prefix("execution_accelerators") {
        return accelerators(rest.trim_start_matches('.'), value);
    }
    if let Some(rest) = rest.strip_prefix("cuda") {
        return cuda(rest.trim_start_matches('.'));
    }
    match rest {
        "" => "How the model may be made quicker.",
        "priority" => match value {
            "PRIORITY_MAX" => "Its kernels go before those of other models on the same GPU.",
            "PRIORITY_MIN" => "Its kernels go after those of other models on the same GPU.",
            _ => "How it is treated beside other models on the same GPU.",
        },
        "graph" => "How far the graph is rewritten before it runs.",
        "graph.level" => match value {
            "-1" => "ONNX Runtime's basic rewriting of the graph alone.",
            "1" => "ONNX Runtime's extended rewriting of the graph, which joins operations.",
            "2" => "ONNX Runtime rewrites nothing of the graph.",
            _ => "How far: ONNX Runtime rewrites all that it can unless this says otherwise.",
        },
        "input_pinned_memory" | "output_pinned_memory" => {
            "Memory that is never swapped out, which a GPU copies from and to faster."
        }
        "input_pinned_memory.enable" | "output_pinned_memory.enable" => "Whether it is used.",
        "gather_kernel_buffer_threshold" => {
            "From so many buffers on, one CUDA kernel gathers them."
        }
        "eager_batching" => "Whether a batch is put together before an instance is free.",
        _ => "",
    }
}

/// Engines that the graph, or parts of it, are handed to.
fn accelerators(rest: &str, value: &str) -> &'static str {
    let (whose, rest) = rest.split_once('.').unwrap_or((rest, ""));
    match (whose, rest) {
        ("", _) => "Other engines that ONNX Runtime hands the graph to, or parts of it.",
        ("gpu_execution_accelerator", "") => "An engine for instances that run on a GPU.",
        ("cpu_execution_accelerator", "") => "An engine for instances that run on the CPU.",
        ("gpu_execution_accelerator" | "cpu_execution_accelerator", "name") => match value {
            "tensorrt" => {
                "TensorRT, NVIDIA's compiler: it makes kernels for this GPU of the parts of the graph that it knows. That takes its time when the model is loaded."
            }
            "cuda" => "ONNX Runtime's own engine for NVIDIA's GPUs, here to give it parameters.",
            "openvino" => "OpenVINO, Intel's engine.",
            _ => "The engine's name.",
        },
        ("gpu_execution_accelerator" | "cpu_execution_accelerator", rest) => match rest {
            "parameters" => "A setting of the engine: a key and a text.",
            "parameters.key" => match value {
                "precision_mode" => {
                    "How exactly the engine computes: FP32, FP16 or INT8. Less is faster and moves the logits a little."
                }
                "max_workspace_size_bytes" => {
                    "So much of the GPU's memory the engine may use while it works, in bytes."
                }
                "max_cached_engines" => "So many engines for different shapes are kept.",
                "trt_engine_cache_enable" => {
                    "Whether what was compiled is kept in a file, for the next start."
                }
                "trt_engine_cache_path" => "The folder of that file.",
                _ => "The setting's name, the engine's own.",
            },
            "parameters.value" => "The setting's value.",
            _ => "",
        },
        _ => "",
    }
}

fn cuda(rest: &str) -> &'static str {
    match rest {
        "" => "CUDA's own ways.",
        "graphs" => "Whether CUDA records a run and plays it again.",
        "busy_wait_events" => {
            "Whether a core waits for the GPU by asking again and again: sooner, and busy meanwhile."
        }
        "graph_spec" => "For which inputs a run is recorded.",
        "graph_spec.batch_size" => "For batches of this size.",
        "graph_spec.graph_lower_bound" => "The least size that the recorded run serves, too.",
        "graph_spec.graph_lower_bound.batch_size" => "The least batch.",
        "output_copy_stream" => "Whether outputs are copied beside the next run.",
        other if other.starts_with("graph_spec.") => "The shape of an input, by its name.",
        _ => "",
    }
}
