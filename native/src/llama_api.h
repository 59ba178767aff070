#pragma once

#include <ggml-backend.h>
#include <ggml-cpu.h>
#include <ggml.h>
#include <llama.h>

#include <string>

// llama.cpp's functions by library. The prebuilt libraries have other file names in each release and variant, so the
// addon links none of them and looks these up at run time.
#define STEERMOE_LLAMA(X)             \
  X(llama_version)                    \
  X(llama_log_get)                    \
  X(llama_log_set)                    \
  X(llama_model_default_params)       \
  X(llama_model_load_from_file)       \
  X(llama_model_free)                 \
  X(llama_model_get_vocab)            \
  X(llama_model_n_layer)              \
  X(llama_model_n_ctx_train)          \
  X(llama_model_n_embd)               \
  X(llama_model_n_params)             \
  X(llama_model_size)                 \
  X(llama_model_desc)                 \
  X(llama_model_chat_template)        \
  X(llama_model_is_recurrent)         \
  X(llama_model_is_hybrid)            \
  X(llama_model_meta_val_str)         \
  X(llama_vocab_n_tokens)             \
  X(llama_vocab_bos)                  \
  X(llama_vocab_eos)                  \
  X(llama_vocab_eot)                  \
  X(llama_vocab_get_add_bos)          \
  X(llama_vocab_is_control)           \
  X(llama_vocab_is_eog)               \
  X(llama_tokenize)                   \
  X(llama_token_to_piece)             \
  X(llama_context_default_params)     \
  X(llama_init_from_model)            \
  X(llama_free)                       \
  X(llama_attach_threadpool)          \
  X(llama_n_ctx)                      \
  X(llama_n_batch)                    \
  X(llama_n_seq_max)                  \
  X(llama_decode)                     \
  X(llama_synchronize)                \
  X(llama_get_logits_ith)             \
  X(llama_get_memory)                 \
  X(llama_memory_clear)               \
  X(llama_memory_seq_rm)              \
  X(llama_memory_seq_cp)              \
  X(llama_memory_seq_pos_min)         \
  X(llama_memory_seq_pos_max)         \
  X(llama_sampler_chain_default_params) \
  X(llama_sampler_chain_init)         \
  X(llama_sampler_chain_add)          \
  X(llama_sampler_init_greedy)        \
  X(llama_sampler_init_top_k)         \
  X(llama_sampler_init_top_p)         \
  X(llama_sampler_init_min_p)         \
  X(llama_sampler_init_temp)          \
  X(llama_sampler_init_dist)          \
  X(llama_sampler_sample)             \
  X(llama_sampler_free)

#define STEERMOE_GGML(X)   \
  X(ggml_backend_dev_count) \
  X(ggml_backend_dev_get)   \
  X(ggml_backend_dev_by_type)

#define STEERMOE_GGML_BASE(X)            \
  X(ggml_backend_dev_type)               \
  X(ggml_backend_dev_backend_reg)        \
  X(ggml_backend_dev_buffer_type)        \
  X(ggml_backend_reg_get_proc_address)   \
  X(ggml_backend_buffer_is_host)         \
  X(ggml_backend_tensor_get)             \
  X(ggml_backend_tensor_set)             \
  X(ggml_nbytes)                         \
  X(ggml_op_desc)                        \
  X(ggml_threadpool_params_default)

namespace steermoe {

struct LlamaApi {
#define STEERMOE_POINTER(name) decltype(&::name) name = nullptr;
  STEERMOE_LLAMA(STEERMOE_POINTER)
  STEERMOE_GGML(STEERMOE_POINTER)
  STEERMOE_GGML_BASE(STEERMOE_POINTER)
#undef STEERMOE_POINTER
  // The CPU library has no fixed name: the loader picks the one for this processor. Its registry hands these out.
  decltype(&::ggml_threadpool_new) ggml_threadpool_new = nullptr;
  decltype(&::ggml_threadpool_free) ggml_threadpool_free = nullptr;
};

/** Fills the table and checks the version; the same for every JS realm of the process. */
void AttachLlama(const std::string& llama, const std::string& ggml, const std::string& ggml_base);

/** Throws TapError "library-missing" before AttachLlama has succeeded. */
const LlamaApi& Llama();

}  // namespace steermoe
